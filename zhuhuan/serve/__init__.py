"""Running the whole: the trained model, the action server and Rasa as child processes, and those who talk to them (chat, demo, converse)."""
