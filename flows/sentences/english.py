"""The sentences in English."""

SENTENCES = {
    # ---- differences -------------------------------------------------------------------------------------------
    "key_new": 'Key {name} in "{step}" is new: it leads to "{after}".',
    "key_gone": 'Key {name} in "{step}" is gone; it led to "{before}".',
    "key_changed": 'Key {name} in "{step}" now leads to "{after}", no longer to "{before}".',
    "way_new": 'In "{step}" the way out "{name}" is new: callers then go to "{after}".',
    "way_gone": 'In "{step}" the way out "{name}" is gone; it led to "{before}".',
    "way_changed": 'After "{name}" in "{step}" callers now go to "{after}", no longer to "{before}".',
    "default_way_new": 'Where a step does not say so itself, after "{name}" callers now go to "{after}".',
    "default_way_gone": 'Where a step does not say so itself, "{name}" leads nowhere any more; it led to "{before}".',
    "default_way_changed": (
        'Where a step does not say so itself, after "{name}" callers now go to "{after}", no longer to "{before}".'
    ),
    "step_new": 'Step "{step}" ({after}) is new.',
    "step_gone": 'Step "{step}" ({before}) is gone.',
    "step_changed": 'Step "{step}" is now of the kind "{after}", no longer "{before}".',
    "setting_new": 'In "{step}", "{name}" is now "{after}"; it was not set before.',
    "setting_gone": 'In "{step}", "{name}" is no longer set; it was "{before}".',
    "setting_changed": 'In "{step}", "{name}" is now "{after}", no longer "{before}".',
    "flow_new": 'For the whole menu, "{name}" is now "{after}"; it was not set before.',
    "flow_gone": 'For the whole menu, "{name}" is no longer set; it was "{before}".',
    "flow_changed": 'For the whole menu, "{name}" is now "{after}", no longer "{before}".',
    "said_new": '"{step}" now also says "{after}" ({name}).',
    "said_gone": '"{step}" no longer says "{before}" ({name}).',
    "said_changed": '"{step}" now says "{after}", no longer "{before}" ({name}).',
    "words_new": 'The wording "{name}" is new ({detail}): {after}',
    "words_gone": 'The wording "{name}" is gone ({detail}). It was: {before}',
    "words_changed": 'The wording "{name}" ({detail}) is now: {after} It was: {before}',
    "calendar_new": 'The calendar "{name}" is new.',
    "calendar_gone": 'The calendar "{name}" is gone.',
    "hours_new": '"{name}" is now open on {detail}: {after}.',
    "hours_gone": '"{name}" is no longer open on {detail}; it was open {before}.',
    "hours_changed": '"{name}" is now open on {detail} {after}, no longer {before}.',
    "holiday_new": '"{name}" is now closed on {detail} for a holiday ({after}).',
    "holiday_gone": '"{name}" is no longer closed on {detail} for a holiday ({before}).',
    "holiday_changed": 'The holiday of "{name}" on {detail} is now called "{after}", no longer "{before}".',
    "queue_new": 'The queue "{name}" is new ({after}).',
    "queue_gone": 'The queue "{name}" is gone.',
    "queue_changed": 'For the queue "{name}", "{detail}" is now {after}, no longer {before}.',
    "never": "not at all",
    # ---- exploration -------------------------------------------------------------------------------------------
    "proof": (
        "From every one of {situations} situations a caller reaches a person, a message or a goodbye within {keys} "
        "keys and {seconds} seconds. Whoever presses nothing more gets there within {silent} seconds."
    ),
    "no_proof": "In {stranded} of {situations} situations that were looked at, callers are not looked after.",
    "incomplete": "There are more than {situations} situations. That is too many to look at, so nothing is proven.",
    "no_way_out": 'From step "{step}" a caller reaches no person, no message and no goodbye, whatever they press.',
    "goes_round": 'A caller who presses nothing more goes round for ever, past step "{step}" again and again.',
    "breaks": 'Step "{step}" cannot be carried out. The caller hears an apology or is led elsewhere.',
    "cut_off": 'At step "{step}" the caller is cut off without a word.',
    "left_out_values": (
        "Digits that a caller types count as right or wrong. Which right ones they are is not told apart, except where "
        "the menu asks for just these."
    ),
    "left_out_facts": "Of notes and facts, only what this menu asks about is told apart.",
    "left_out_history": (
        "Where going back leads, and what was known once and is not asked for at this place, is taken more widely than "
        "real calls have it: that looks at more situations, never at fewer."
    ),
    "left_out_languages": (
        "All languages have the same wordings, so one stands for all. Seconds are those of the slowest."
    ),
    "left_out_faults": (
        "A fault on our side is looked at in every situation, one a call. After a second one the built-in apology is "
        "heard, and the call ends."
    ),
    "left_out_time": (
        "Hours, look-ups, codes and queues may answer anything that is declared, at any time, more than real ones "
        "would. Too long in the menus may come at any moment."
    ),
    "left_out_hang_up": "A caller may hang up at any time. That ends a call and is not looked at further.",
    "left_out_announcements": "What is posted for today adds no way and is not counted in the seconds.",
    "left_out_guess": "Seconds of what has not been rendered are a guess.",
    # ---- replay ------------------------------------------------------------------------------------------------
    "replay_none": "There are no recorded calls to play.",
    "replay_all_same": "All {calls} calls end in the same place.",
    "replay_differ": "{same} of {calls} calls end in the same place; {differ} differ: {partings}.",
    "replay_parting": '{count} ended in "{before}" and would end in "{after}" (they part at "{step}")',
    "replay_more": "and {count} in other ways",
    "replay_unplayable": "{count} more could not be played.",
    "replay_seconds": "Listening took {before} seconds a call, and would take {after}.",
    "parting": 'Ended in "{before}", would end in "{after}". They part at "{step}".',
}

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
