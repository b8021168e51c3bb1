"""A representative has closed or opened the microphone of their page."""

from ivr.microphones import Microphone, note_microphone
from ivr.telephone import Telephone


def tell_microphone(telephone: Telephone, staff_id: int, microphone: Microphone) -> None:
    """Have the supervisors see it. Repeats do nothing, nor does a word of a line that is out by now."""
    changed = telephone.store.write(
        lambda connection: note_microphone(connection, staff_id, microphone, telephone.clock.now())
    )
    if changed:
        telephone.wake.desk()
