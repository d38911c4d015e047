"""Debian's gitolite3, unpacked into the working place and never installed.

`gitolite-shell` is called as sshd would call it, without an sshd between.
"""
import os
import shutil
import subprocess

from place import REPOSITORY, run, write

PACKAGE = "gitolite3"


class Gitolite:
    def __init__(self, site):
        self.site = site
        self.home = site.path("gitolite")
        self.share = os.path.join(self.home, "pkg/usr/share/gitolite3")
        self.server = os.path.join(self.home, "repositories",
                                   REPOSITORY + ".git")
        self.shell = os.path.join(self.home, "ssh")
        self.url = "git@gitolite:" + REPOSITORY
        self.env = {"GIT_SSH": self.shell, "GIT_SSH_VARIANT": "simple"}
        self.why_not = None

    def fetch(self):
        """The package, or why there is none, in `why_not`."""
        folder = self.site.path("packages")
        os.makedirs(folder, exist_ok=True)
        found = [n for n in os.listdir(folder) if n.startswith(PACKAGE)]
        if not found:
            try:
                done = subprocess.run(
                    ["apt-get", "download", "-qq", PACKAGE], cwd=folder,
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                    text=True, timeout=120)
            except (OSError, subprocess.TimeoutExpired) as error:
                self.why_not = "%s could not be fetched: %s" % (PACKAGE, error)
                return None
            found = [n for n in os.listdir(folder) if n.startswith(PACKAGE)]
            if not found:
                self.why_not = "%s could not be fetched: %s" % (
                    PACKAGE, done.stdout.strip().split("\n")[-1])
                return None
        return os.path.join(folder, found[0])

    def gitolite(self, *words):
        place = os.path.join(self.home, "pkg/usr/bin")
        run(os.path.join(place, "gitolite"), *words,
            env=dict(os.environ, HOME=self.home, LC_ALL="C",
                     PATH=place + ":" + os.environ["PATH"]))

    def make(self):
        """False, with `why_not` set, where it cannot be had."""
        package = self.fetch()
        if package is None:
            return False
        shutil.rmtree(self.home, ignore_errors=True)
        os.makedirs(self.home)
        run("dpkg", "-x", package, os.path.join(self.home, "pkg"))
        for name in ("pkg/usr/bin/gitolite",
                     "pkg/usr/share/gitolite3/gitolite-shell"):
            path = os.path.join(self.home, name)
            text = open(path).read()
            write(path, text.replace("'/usr/share/gitolite3'",
                                     "'%s'" % self.share), 0o755)
        write(os.path.join(self.home, ".gitconfig"),
              "[user]\n\tname = x\n\temail = x@example.com\n"
              "[init]\n\tdefaultBranch = main\n")
        self.gitolite("setup", "-a", "admin")
        write(os.path.join(self.home, ".gitolite/conf/gitolite.conf"),
              "repo %s\n    RW+ = dev0\n" % REPOSITORY)
        self.gitolite("compile")
        self.gitolite("trigger", "POST_COMPILE")
        write(self.shell,
              "#!/bin/sh\nexport HOME=%s SSH_CONNECTION='1 2 3 4' "
              "SSH_ORIGINAL_COMMAND=\"$2\"\nexec %s dev0\n"
              % (self.home, os.path.join(self.share, "gitolite-shell")), 0o755)
        shutil.copy(os.path.join(self.server, "gl-conf"), self.home)
        return True

    def take_over(self):
        """Its repository becomes what the plain server holds just now."""
        shutil.rmtree(self.server, ignore_errors=True)
        run("cp", "-al", self.site.server, self.server)
        shutil.rmtree(os.path.join(self.server, "hooks"))
        os.makedirs(os.path.join(self.server, "hooks"))
        os.symlink(os.path.join(self.home, ".gitolite/hooks/common/update"),
                   os.path.join(self.server, "hooks", "update"))
        shutil.copy(os.path.join(self.home, "gl-conf"), self.server)
        os.sync()
