"""What the operator with a shell uses: processes, logs, metrics, health, the doctor."""
