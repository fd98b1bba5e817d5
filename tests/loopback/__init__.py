"""A stand-in for the web that trailerflow asks, on loopback: real clients in child processes, redirected by environment.

``Server`` is an HTTP proxy that ends TLS itself with a throw-away authority, so that yt-dlp, youtube-transcript-api,
requests and urllib are used as they are. It answers for YouTube (`loopback.youtube`) and for other hosts
(`loopback.apis`), makes the faults that a test scripts (`loopback.faults`), and keeps a journal of every request
(`loopback.journal`). Hosts that are not played are refused, so that no test reaches the real web.
"""
