"""What a file is, by its content: `sniffer.sniff`. `others` names what is no document of ours; `polyglot` refuses files that are two
things at once; `archive` reads ZIP with bounds, for whoever looks into a file before it is known to be harmless."""

from services.ai.documents.kinds.sniffer import sniff

__all__ = ["sniff"]
