"""The benchmarks behind `make bench`: what a turn costs, and how many a second are durable."""
