"""Answers fifty orders, and shows the objects from a module down to a session that should be gone."""
import objgraph
import service


def described(holder, held):
    if isinstance(holder, dict):
        return f"dict, key {next(key for key, value in holder.items() if value is held)!r}"
    if isinstance(holder, list):
        return f"list of {len(holder)}"
    return f"{type(holder).__name__} {holder.__name__}"


for _ in range(50):
    service.answer(b'{"currency": "EUR", "lines": [], "note": ""}')

print(objgraph.count("Session"), "sessions after 50 answers")
if objgraph.count("Session"):
    chain = objgraph.find_backref_chain(objgraph.by_type("Session")[0], objgraph.is_proper_module)
    for holder, held in zip(chain, chain[1:]):
        print("  held by", described(holder, held))
