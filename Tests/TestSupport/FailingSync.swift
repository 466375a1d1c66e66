import Foundation

/// A library that is loaded before a program and lets `fsync` fail for the files whose path ends in
/// a text, once a test says so.
package struct FailingSync {
  private let folder: TemporaryFolder
  private let library: String

  /// Nil where there is no compiler of C.
  package init?(_ folder: TemporaryFolder) throws {
    self.folder = folder
    library = folder.path("failing-sync.so")
    let source = folder.path("failing-sync.c")
    try Self.source.write(toFile: source, atomically: true, encoding: .utf8)
    guard
      let compiler = try? ChildProcess(
        "cc", ["-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"],
        output: folder.path("cc"), errors: folder.path("cc-errors"))
    else { return nil }
    guard compiler.wait(secondsMax: 60) == .exit(0) else { return nil }
  }

  package var variables: [String: String] {
    ["LD_PRELOAD": library, "FAILING_SYNC": folder.path("failing")]
  }

  /// From now on; an empty text for none.
  package func fail(_ ending: String) throws {
    // Renamed, so that the program never reads half of it.
    try Data(ending.utf8).write(to: URL(filePath: folder.path("failing")), options: .atomic)
  }

  /// How often it has failed.
  package var count: Int { folder.text("failing.log").count { $0 == "\n" } }

  private static let source = """
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <errno.h>
    #include <fcntl.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <unistd.h>

    static int fails(int file) {
      const char *control = getenv("FAILING_SYNC");
      char ending[256], name[512], path[4096];
      int descriptor = control ? open(control, O_RDONLY | O_CLOEXEC) : -1;
      if (descriptor < 0) return 0;
      ssize_t wanted = read(descriptor, ending, sizeof ending);
      close(descriptor);
      snprintf(name, sizeof name, "/proc/self/fd/%d", file);
      ssize_t length = readlink(name, path, sizeof path);
      if (wanted <= 0 || length < wanted) return 0;
      if (memcmp(path + length - wanted, ending, (size_t)wanted) != 0) return 0;
      snprintf(name, sizeof name, "%s.log", control);
      descriptor = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
      if (descriptor >= 0 && write(descriptor, "x\\n", 2) != 2) abort();
      close(descriptor);
      errno = EIO;
      return 1;
    }

    int fsync(int file) {
      int (*original)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
      return fails(file) ? -1 : original(file);
    }

    int fdatasync(int file) {
      int (*original)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
      return fails(file) ? -1 : original(file);
    }
    """
}
