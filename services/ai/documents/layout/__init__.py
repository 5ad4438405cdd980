"""What everything with places on a page shares: runs of letters → rows, columns and tables, in the order in which a person reads them.

Begin with `order.in_reading_order`. `rows` joins runs that stand on a line, `columns` finds where rows part, `tables` follows ruled lines.
"""
