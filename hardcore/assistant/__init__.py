"""The assistant: questions answered from the documentation, and a language model as a second planner of commands.

What is offline needs nothing more; a model needs the extra `assistant`, which is loaded when it is asked.
"""
