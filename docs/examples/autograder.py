#!/usr/bin/env python3
"""autograders/ASSIGNMENT/autograder.py of a Classroom 50 configuration: writes result.json."""

import json
import os
import subprocess
import sys
import urllib.request

IMAGE = "ghcr.io/your-school/tokiolings@sha256:0000000000000000000000000000000000000000000000000000000000000000"
SECCOMP = "https://raw.githubusercontent.com/moby/moby/v28.2.2/profiles/seccomp/default.json"
VARIABLES = ["CLASSROOM", "ASSIGNMENT", "OWNER", "ASSIGNMENT_TYPE", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL",
             "REVIEW_URL"]

subprocess.run(["sudo", "sysctl", "--write", "kernel.apparmor_restrict_unprivileged_userns=0"], check=True)

with urllib.request.urlopen(SECCOMP) as answer:
    profile = json.load(answer)
# At the front: if two rules match, some engines take the first.
profile["syscalls"][:0] = [{
    "names": ["unshare"],
    "action": "SCMP_ACT_ALLOW",
    "args": [{"index": 0, "value": 0x7c020000, "op": "SCMP_CMP_EQ"}],
}, {
    "names": ["mount", "move_mount", "open_tree", "pivot_root", "sethostname", "umount2"],
    "action": "SCMP_ACT_ALLOW",
}]
profile_path = os.path.join(os.environ["RUNNER_TEMP"], "seccomp.json")
with open(profile_path, "w", encoding="utf-8") as file:
    json.dump(profile, file)

command = ["docker", "run", "--rm", "--network", "none", "--cap-drop", "ALL", "--security-opt", "no-new-privileges",
           "--security-opt", "apparmor=unconfined", "--security-opt", f"seccomp={profile_path}", "--memory", "6g", "--pids-limit", "2048",
           "--volume", f"{os.getcwd()}:/submission:ro"]
for name in VARIABLES:
    command += ["--env", name]
command += [IMAGE, "report", "--confined", "--format", "classroom50", "/submission"]

# 0 whenever everything was graded. Any other code is not a grade: the runner then publishes an error, not a zero.
graded = subprocess.run(command, stdout=subprocess.PIPE, check=False)
if graded.returncode == 0:
    with open("result.json", "wb") as file:
        file.write(graded.stdout)
sys.exit(graded.returncode)
