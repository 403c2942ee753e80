class ReportThread:
    """A thread that runs the callbacks of the streams which it subscribes to."""

    def __init__(self):
        self.running = True
        context = made(acl.rt.get_context(), "acl.rt.get_context")
        self.id = made(acl.util.start_thread(self.run, [context]), "acl.util.start_thread")

    def run(self, arguments):
        acl.rt.set_context(arguments[0])
        while self.running:
            acl.rt.process_report(100)

    def stop(self):
        self.running = False
        check(acl.util.stop_thread(self.id), "acl.util.stop_thread")
