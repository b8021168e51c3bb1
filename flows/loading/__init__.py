"""From the files of a flow to its compiled form, with everything that is wrong on the way."""
