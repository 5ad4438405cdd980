"""The embedded stack: PostgreSQL, Valkey, S3, Envoy, the services and their workers on one machine, without Docker.

`services.stack.up` has the command (`up`) and the same as a block for tests (`running`). Nothing is imported here: the
parts that docker-compose.yml uses must not need the wheels of the servers.
"""
