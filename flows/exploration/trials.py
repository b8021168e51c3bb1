"""A flow in which a step that tries something out asks the outside which way its caller goes."""

from dataclasses import replace

from flows.flow import Flow, LookUp, LookUpDeclaration, LookUpOutcome, StepBase, TryOut


def open_trials(flow: Flow) -> Flow:
    """Each step that tries something out, as a look-up that may answer with any of the ways: each is some caller's."""
    steps, look_ups = dict(flow.steps), dict(flow.look_ups)
    for name, step in flow.steps.items():
        if isinstance(step, TryOut):
            ways = {way.name: way.go for way in step.ways if way.share}
            look_ups[f"try {name}"] = LookUpDeclaration(f"try {name}", (), dict.fromkeys(ways, LookUpOutcome({})))
            base = {one: getattr(step, one) for one in StepBase.__slots__}
            steps[name] = LookUp(**base, look_up=f"try {name}", given=(), limit=0.0, outcomes=ways)
    return replace(flow, steps=steps, look_ups=look_ups) if len(look_ups) > len(flow.look_ups) else flow
