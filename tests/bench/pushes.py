"""One push, and how long its hooks took in it.

The time of a hook is Git's own: from its start to its exit as receive-pack saw
it, out of GIT_TRACE2_EVENT.
"""
import json
import os
import subprocess
import time


class Push:
    """What one push took, in milliseconds."""

    def __init__(self, whole, hooks, connected):
        self.whole = whole
        self.connected = connected  # Git's own connectivity check
        self.hooks = hooks  # [(name, ms)], in the order they ran

    def of(self, name):
        return sum(ms for hook, ms in self.hooks if hook == name)

    def all_hooks(self):
        return sum(ms for _, ms in self.hooks)

    def witnesses(self):
        return self.all_hooks() - self.of("pre-receive")


def is_check(words):
    return "rev-list" in words and "--not" in words and "--all" in words


def read_trace(path):
    """The hooks, and how long the check took that nothing is missing."""
    begun, hooks, connected = {}, [], 0.0
    if not os.path.exists(path):
        return hooks, connected
    with open(path) as f:
        for line in f:
            event = json.loads(line)
            key = (event.get("sid"), event.get("child_id"))
            if event["event"] == "child_start":
                if event.get("child_class") == "hook":
                    begun[key] = event.get("hook_name") or os.path.basename(
                        event["argv"][0])
                elif is_check(event["argv"]):
                    begun[key] = None
            elif event["event"] == "child_exit" and key in begun:
                name, took = begun.pop(key), 1000 * event["t_rel"]
                if name is None:
                    connected += took
                else:
                    hooks.append((name, took))
    return hooks, connected


def push(site, specs, url=None, env=None):
    """`specs` to the server; ends the program when the push is refused."""
    trace = site.path("trace")
    if os.path.exists(trace):
        os.unlink(trace)
    words = ["git", "-C", site.client, "push", "-q",
             url or "file://" + site.server] + specs
    whole_env = dict(site.env, GIT_TRACE2_EVENT=trace, **(env or {}))
    begin = time.perf_counter()
    done = subprocess.run(words, env=whole_env, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    whole = 1000 * (time.perf_counter() - begin)
    if done.returncode != 0:
        raise SystemExit("%s:\n%s" % (" ".join(words), done.stdout))
    return Push(whole, *read_trace(trace))
