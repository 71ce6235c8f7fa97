package dev.statecraft.lab.report;

import dev.statecraft.lab.console.InvalidInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** A ZIP file with the histories, results and report of a comparison, from which anybody can check it again. */
public final class Bundle {
  private static final String HISTORIES = "histories/";
  /** Only entries with such names are unpacked, so that no entry can write outside the directory. */
  private static final Pattern HISTORY = Pattern.compile(HISTORIES + "[A-Za-z0-9_.-]{1,100}\\.jsonl");
  private static final int MAX_ENTRIES = 1_000;
  private static final long MAX_BYTES = 4L << 30;

  private Bundle() {}

  /** Writes a bundle atomically. */
  public static void write(Path file, Path directory, List<Path> histories) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(part))) {
      for (String name : List.of(ResultsFile.NAME, HtmlReport.NAME)) {
        if (Files.isRegularFile(directory.resolve(name))) {
          put(zip, name, directory.resolve(name));
        }
      }
      for (Path history : histories) {
        put(zip, HISTORIES + history.getFileName(), history);
      }
    }
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void put(ZipOutputStream zip, String name, Path file) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    // So that equal histories give byte-equal bundles.
    entry.setTime(0);
    zip.putNextEntry(entry);
    Files.copy(file, zip);
    zip.closeEntry();
  }

  /** Unpacks the histories of a bundle; throws {@link InvalidInput} if the file is not one. */
  public static List<Path> unpack(Path file, Path into) throws IOException {
    return unpack(file,
        name -> HISTORY.matcher(name).matches()
            ? Optional.of(into.resolve(name.substring(HISTORIES.length())))
            : Optional.empty());
  }

  /** Unpacks a whole bundle; throws {@link InvalidInput} if the file is not one. */
  public static void restore(Path file, Path into) throws IOException {
    Files.createDirectories(into.resolve(HISTORIES));
    unpack(file,
        name -> HISTORY.matcher(name).matches() || name.equals(ResultsFile.NAME) || name.equals(HtmlReport.NAME)
            ? Optional.of(into.resolve(name))
            : Optional.empty());
  }

  private static List<Path> unpack(Path file, Function<String, Optional<Path>> target) throws IOException {
    List<Path> unpacked = new ArrayList<>();
    long left = MAX_BYTES;
    try (ZipFile zip = new ZipFile(file.toFile())) {
      if (zip.size() > MAX_ENTRIES) {
        throw new InvalidInput(file + " has " + zip.size() + " entries; a bundle has at most " + MAX_ENTRIES);
      }
      for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements();) {
        ZipEntry entry = entries.nextElement();
        Optional<Path> unpackTo = target.apply(entry.getName());
        if (unpackTo.isPresent()) {
          try (InputStream in = zip.getInputStream(entry); OutputStream copy = Files.newOutputStream(unpackTo.get())) {
            left -= copy(in, copy, left, file);
          }
          unpacked.add(unpackTo.get());
        }
      }
    } catch (ZipException e) {
      throw new InvalidInput(file + " is neither a directory nor a bundle: " + e.getMessage());
    }
    Collections.sort(unpacked);
    return unpacked;
  }

  private static long copy(InputStream in, OutputStream out, long maxBytes, Path file) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long copied = 0;
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      copied += read;
      if (copied > maxBytes) {
        throw new InvalidInput(file + " unpacks to more than " + (MAX_BYTES >> 30) + " GiB");
      }
      out.write(buffer, 0, read);
    }
    return copied;
  }
}
