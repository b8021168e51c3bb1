"""Calls that bring an officer and a citizen together by the helpline's number."""
