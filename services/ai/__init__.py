"""The AI core: pure functions and models. No gRPC, no database, no service; nothing heavy is imported before it is used."""
