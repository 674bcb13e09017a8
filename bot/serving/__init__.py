"""How the bot is reached: by Slack, over Socket Mode or signed HTTP, and by a monitor on this machine."""
