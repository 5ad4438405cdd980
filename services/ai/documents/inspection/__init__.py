"""What a file would do or carry besides being read, format by format: active content is refused, what is packed is unpacked.

Runs inside of the sandbox's children only. Begin with `inspector.inspect`.
"""
