"""Twilio's numbered errors, as far as the emulator raises them."""

MESSAGES: dict[int, str] = {
    11100: "Invalid URL format",
    11200: "HTTP retrieval failure",
    11205: "HTTP connection failure",
    11215: "HTTP too many redirects",
    11750: "TwiML response body too large",
    12100: "Document parse failure",
    12200: "Schema validation warning",
    12300: "Invalid Content-Type",
    13214: "Dial: Invalid callerId value",
    13224: "Dial: Twilio does not support calling this number or the number is invalid",
    13227: "Geo Permission configuration is not permitting call",
    13240: "Dial->Conference: Invalid coach value",
    13338: "Gather: Invalid actionOnEmptyResult value",
    13520: "Say: Invalid text",
    13521: "Say: Text too long",
    16025: "Conference: participantLabel already in use",
    20001: "Unable to process the request: a parameter is missing or wrong",
    20003: "Authenticate",
    20101: "Invalid Access Token",
    20104: "Access Token expired or expiration date invalid",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    20500: "Internal Server Error",
    21201: "No 'To' number is specified",
    21205: "Url parameter is required.",
    21210: "'From' phone number not verified",
    21211: "Invalid 'To' Phone Number",
    21212: "Invalid 'From' Number",
    21217: "Phone number does not appear to be valid",
    21220: "Invalid call state: Call is not in-progress. Cannot redirect.",
    21218: "Invalid ApplicationSid",
    21408: "Permission to send an SMS has not been enabled for the region indicated by the 'To' number",
    21602: "Message body is required.",
    21603: "A 'From' or 'MessagingServiceSid' parameter is required.",
    21604: "A 'To' phone number is required.",
    21606: "The 'From' phone number provided is not a valid, message-capable Twilio phone number for this destination",
    21608: "The number is unverified. Trial accounts cannot send messages to unverified numbers",
    21610: "Attempt to send to unsubscribed recipient",
    21611: "This 'From' number has exceeded the maximum number of queued messages",
    21612: "The 'To' phone number is not currently reachable using the 'From' phone number via SMS",
    21614: "'To' number is not a valid mobile number",
    21617: "The concatenated message body exceeds the 1600 character limit",
    30001: "Queue overflow",
    30002: "Account suspended",
    30003: "Unreachable destination handset",
    30004: "Message blocked",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
    30036: "Validity Period Expired",
}


class RestError(Exception):
    """An answer of 4xx or 5xx to a REST request. `detail` replaces the listed message."""

    def __init__(self, status: int, code: int, detail: str = "") -> None:
        self.status = status
        self.code = code
        self.message = detail or MESSAGES[code]
        super().__init__(f"{code}: {self.message}")


class WebhookFailed(Exception):
    """The application's address gave no usable document."""

    def __init__(self, code: int, url: str, detail: str = "") -> None:
        self.code = code
        self.url = url
        self.detail = detail or MESSAGES[code]
        super().__init__(f"{code}: {self.detail}")
