"""The gateway: Envoy's configuration, rendered from the contracts for every place SkillSync runs in."""
