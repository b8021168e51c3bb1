"""Changing the files of a flow at their place: remarks, order and quotation of everything else stay as they were."""
