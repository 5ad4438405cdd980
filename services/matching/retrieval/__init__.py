"""Who is worth scoring: near in meaning, with skills that are asked for, or with words that are; nobody whom a filter leaves out."""
