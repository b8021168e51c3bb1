"""Every situation in which a caller of a flow can be, and how each of them ends."""
