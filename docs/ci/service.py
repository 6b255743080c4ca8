"""Stands for your own code: one function that leaves nothing behind, and one that does."""

_connections = []


def answer(question):
    return {"question": question, "answer": question[::-1] * 100}


def connect(name):
    _connections.append(f"connection of {name} " * 100)
