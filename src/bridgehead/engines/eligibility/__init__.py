"""Which policies fit a firm on a day, which facts could still change that, how much they are worth, and why.

What others call, in the order of use:

- `facts.read_register(text)` gives the `FactRegister` of a folder's ``policy_facts.csv`` and every fault of it;
  `FactRegister.typed(given)` checks and converts what is known of a firm.
- `reading.read_policies(text, register)` gives a `Reading`: a `PolicySet`, or every fault at once; `Reading.sound()`
  raises where there is one.
- `assessment.assess(policy, facts, as_of)` gives an `Answer`; `assessment.decide` the same without reasons.
- `nearest.nearest_change(policy, facts, register)`: the fewest facts that would have to be otherwise.
- `questions.next_question(policies, facts, as_of, register)`: what to ask next; `questions.next_topic`: several facts
  about the same thing, for one screen.
- `sweep.sweep(policies, firms, as_of, register)`: many firms and policies; a bad firm is reported and the others go on.
- `cases.read_cases` and `cases.answer_cases`: questions from a file.

Articles: 51, 76.
"""
