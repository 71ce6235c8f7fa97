package dev.statecraft.session.replicated.raft;

import dev.statecraft.session.replicated.consensus.DiskTimings;
import dev.statecraft.session.replicated.consensus.MemberRejectedException;
import dev.statecraft.session.replicated.raft.membership.Identity;
import dev.statecraft.session.replicated.wire.MalformedException;
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
 * The directory of one member: its identity, its log, and a file lock that excludes a second process. {@link #open}
 * rejects a directory that cannot be this member's. One thread at a time may call {@link #store}.
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
   * Opens the directory; an empty one gets a new identity.
   *
   * @throws MemberRejectedException if it is in use, damaged, or the directory of another member
   */
  static MemberDisk open(Path directory, String name) {
    try {
      Files.createDirectories(directory);
      FileChannel lockFile = FileChannel
          .open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        if (!lock(lockFile)) {
          throw new MemberRejectedException(directory + " is in use by another process");
        }
        return new MemberDisk(directory, lockFile, readOrMake(directory, name));
      } catch (RuntimeException | IOException e) {
        lockFile.close();
        throw e;
      }
    } catch (IOException e) {
      throw new MemberRejectedException("cannot use " + directory + ": " + e);
    }
  }

  Identity identity() {
    return identity;
  }

  /** Stores the identity; returns once it is on disk. */
  void store(Identity next) {
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
   * @throws MemberRejectedException if it is damaged in a way that a kill cannot cause
   */
  DurableLog openLog(boolean synchronous, DiskTimings timings) {
    DurableLog log = new DurableLog(logIn(directory), synchronous, timings);
    try {
      log.open();
    } catch (IOException | RuntimeException e) {
      throw new MemberRejectedException("cannot open its log: " + e.getMessage());
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
        throw new MemberRejectedException(directory + " holds a log but no identity: part of its content is lost");
      }
      Identity fresh = Identity.fresh(name);
      write(directory, fresh);
      return fresh;
    }
    Identity identity;
    try {
      identity = Identity.ofBytes(Files.readAllBytes(file));
    } catch (MalformedException e) {
      throw new MemberRejectedException("the identity in " + directory + " cannot be read: " + e.getMessage());
    }
    if (!identity.name().equals(name)) {
      throw new MemberRejectedException(directory + " belongs to member " + identity.name() + ", not to " + name);
    }
    if (identity.founded() && !hasLog) {
      throw new MemberRejectedException(
          directory
              + " has lost its log. Without it the member does not know its votes and acknowledgements, so it must not"
              + " vote as the same member. Restore the log, or empty the directory to join as a new member");
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
