"""Text that talks to machines, in any format: found and kept out of what is parsed.

Begin with `separation`. Of each line `disguises` makes plain forms; `phrases` (patterns in `english`, `oblique` and `abroad`, in the
notation of `phrase`) finds outright orders, `cues` adds up weak signs. `suspects` and `needed` say quickly which lines need no look.
"""

from services.ai.documents.instructions.separation import is_instruction, separate, standing_alone

__all__ = ["is_instruction", "separate", "standing_alone"]
