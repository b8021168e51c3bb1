"""The cookie that says who is signed in."""

SESSION_COOKIE = "helpline_staff"
SESSION_SECONDS = 12 * 3600  # a long shift
