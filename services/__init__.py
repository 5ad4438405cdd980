"""SkillSync's services: five gRPC servers, what they share (`kit`) and the AI core (`ai`)."""
