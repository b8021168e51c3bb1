"""The rules that a flow has to keep beyond being readable, one small file per group of codes."""
