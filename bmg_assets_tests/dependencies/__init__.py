"""What others have written and we install: known vulnerabilities and licences. `make check` asks for both."""
