package dev.statecraft.session.replicated;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The directory of one member: its identity, its log, and a lock that keeps a second process out. What cannot be the
 * disk of this member is refused when it is opened. Remembered by one thread at a time.
 */
final class MemberDisk implements AutoCloseable {
  private final Path directory;
  private final FileChannel lockFile;
  private volatile Identity identity;

  private MemberDisk(Path directory, FileChannel lockFile, Identity identity) {
    this.directory = directory;
    this.lockFile = lockFile;
    this.identity = identity;
  }

  /**
   * Opens the directory, and makes it the disk of this member where it is empty.
   *
   * @throws RefusedException where it is in use, or damaged, or of another member
   */
  static MemberDisk open(Path directory, String name) {
    try {
      Files.createDirectories(directory);
      FileChannel lockFile = FileChannel
          .open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        if (!lock(lockFile)) {
          throw new RefusedException(directory + " is in use by another process");
        }
        return new MemberDisk(directory, lockFile, readOrMake(directory, name));
      } catch (RuntimeException | IOException e) {
        lockFile.close();
        throw e;
      }
    } catch (IOException e) {
      throw new RefusedException("it cannot use " + directory + ": " + e);
    }
  }

  Identity identity() {
    return identity;
  }

  /** Remembers, and returns only once it is on disk. */
  void remember(Identity next) {
    if (next.equals(identity)) {
      return;
    }
    try {
      write(directory, next);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    identity = next;
  }

  /**
   * Opens the log.
   *
   * @throws RefusedException where it is damaged beyond what a kill at any instant can do
   */
  DurableLog openLog(boolean synchronous) {
    DurableLog log = new DurableLog(logIn(directory), synchronous);
    try {
      log.open();
    } catch (IOException | RuntimeException e) {
      throw new RefusedException("its log cannot be used: " + e.getMessage());
    }
    return log;
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }

  private static Identity readOrMake(Path directory, String name) throws IOException {
    Path file = fileIn(directory);
    boolean hasLog = DurableLog.existsIn(logIn(directory));
    if (!Files.exists(file)) {
      if (hasLog) {
        throw new RefusedException(directory + " holds a log but not the identity of its member: part of it is gone");
      }
      Identity fresh = Identity.fresh(name);
      write(directory, fresh);
      return fresh;
    }
    Identity identity;
    try {
      identity = Identity.ofBytes(Files.readAllBytes(file));
    } catch (MalformedException e) {
      throw new RefusedException("the identity in " + directory + " cannot be read: " + e.getMessage());
    }
    if (!identity.name().equals(name)) {
      throw new RefusedException(directory + " is the disk of " + identity.name() + ", not of " + name);
    }
    if (identity.founded() && !hasLog) {
      throw new RefusedException(
          directory
              + " has lost its log. Without it the member does not know what it voted and acknowledged, so it must not"
              + " vote as the member that it was. Give it its disk back, or empty the directory, and it will be taken in"
              + " as a new member");
    }
    return identity;
  }

  private static boolean lock(FileChannel file) throws IOException {
    try {
      @Nullable
      FileLock lock = file.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException heldInThisProcess) {
      return false;
    }
  }

  private static void write(Path directory, Identity identity) throws IOException {
    DurableLog.replace(fileIn(directory), ByteBuffer.wrap(identity.toBytes()));
  }

  private static Path fileIn(Path directory) {
    return directory.resolve("identity");
  }

  private static Path logIn(Path directory) {
    return directory.resolve("log");
  }
}
