package dev.statecraft.lab.report;

/** A program or library that was measured, such as {@code Lettuce 7.5.2}. */
public record Software(String name, String version) {
  @Override
  public String toString() {
    return name + ' ' + version;
  }
}
