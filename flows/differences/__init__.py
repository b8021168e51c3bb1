"""What is different between two versions of a flow, part by part."""
