package dev.statecraft.session.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.session.attribute.AttributeCodec;
import dev.statecraft.session.attribute.AttributeTypes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;

/**
 * Two versions of one attribute type, each compiled and loaded apart, as in two releases of an application. Each codec
 * knows one of them.
 */
public final class TypeVersions {
  private static final String NAME = "com.example.shop.Basket";
  private static final String OLD = """
      package com.example.shop;
      public record Basket(java.util.List<String> items)
          implements dev.statecraft.session.contract.TypeVersions.Basket {
        public Basket with(String item) {
          return new Basket(java.util.stream.Stream.concat(items.stream(), java.util.stream.Stream.of(item)).toList());
        }
        public String newFields() {
          return "";
        }
      }
      """;
  private static final String NEW = """
      package com.example.shop;
      public record Basket(java.util.List<String> items, String tier, Address address, long changes)
          implements dev.statecraft.session.contract.TypeVersions.Basket {
        public record Address(String city) {}
        public Basket() {
          this(java.util.List.of(), "gold", new Address("Bern"), 0);
        }
        public Basket with(String item) {
          return new Basket(java.util.stream.Stream.concat(items.stream(), java.util.stream.Stream.of(item)).toList(),
              tier, address, changes + 1);
        }
        public String newFields() {
          return tier + ", " + address.city() + ", " + changes + " changes";
        }
      }
      """;

  private final Path directory;
  private final ClassLoader newVersion;
  private final AttributeCodec newCodec;
  private final AttributeCodec oldCodec;

  /** What both versions can do. */
  public interface Basket {
    List<String> items();

    Basket with(String item);

    /** The fields that only the new version has, and how often it changed the basket. */
    String newFields();
  }

  /** Compiles both versions below a directory. */
  public TypeVersions(Path directory) {
    this.directory = directory;
    oldCodec = codec(load("old", OLD));
    newVersion = load("new", NEW);
    newCodec = codec(newVersion);
  }

  private ClassLoader load(String version, String source) {
    try {
      Path classes = Files.createDirectories(directory.resolve(version));
      Path file = Files.writeString(classes.resolve("Basket.java"), source);
      URL tests = Basket.class.getProtectionDomain().getCodeSource().getLocation();
      assertThat(
          ToolProvider.getSystemJavaCompiler().run(null, null, null, "-cp", Path.of(tests.getPath()).toString(), "-d",
              classes.toString(), file.toString()))
          .isZero();
      return new URLClassLoader(new URL[]{classes.toUri().toURL()}, Basket.class.getClassLoader());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static AttributeCodec codec(ClassLoader loader) {
    return new AttributeCodec(AttributeTypes.parse(List.of("com.example.shop.*"), loader), List.of(), loader,
        bytes -> {});
  }

  public AttributeCodec oldCodec() {
    return oldCodec;
  }

  public AttributeCodec newCodec() {
    return newCodec;
  }

  /** An empty basket of the new version. */
  Basket newBasket() {
    try {
      return (Basket) newVersion.loadClass(NAME).getConstructor().newInstance();
    } catch (ClassNotFoundException | NoSuchMethodException | InstantiationException | IllegalAccessException
        | InvocationTargetException e) {
      throw new IllegalStateException(e);
    }
  }
}
