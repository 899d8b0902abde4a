"""The cases of an answer: whether they cover what is asked, and whether each can be met."""
