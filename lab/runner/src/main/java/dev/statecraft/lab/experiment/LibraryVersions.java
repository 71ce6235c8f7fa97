package dev.statecraft.lab.experiment;

import dev.statecraft.lab.report.Software;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the versions of the libraries that decide the figures from the names of jars. Pure. */
final class LibraryVersions {
  private static final Pattern JAR = Pattern.compile("(.+?)-(\\d[^-]*(?:-.+)?)\\.jar");
  /** The artifacts of the libraries, in the order of the report. */
  private static final Map<String, String> NAMES = new LinkedHashMap<>();
  static {
    NAMES.put("spring-boot", "Spring Boot");
    NAMES.put("spring-cloud-gateway-server-webflux", "Spring Cloud Gateway");
    NAMES.put("reactor-netty-http", "Reactor Netty");
    NAMES.put("netty-codec-http", "Netty");
    NAMES.put("tomcat-embed-core", "Tomcat");
    NAMES.put("spring-session-core", "Spring Session");
    NAMES.put("lettuce-core", "Lettuce");
    NAMES.put("jgroups-raft", "jgroups-raft");
    NAMES.put("jgroups", "JGroups");
    NAMES.put("postgresql", "PostgreSQL JDBC");
    NAMES.put("HikariCP", "HikariCP");
    NAMES.put("hazelcast", "Hazelcast");
    NAMES.put("infinispan-core", "Infinispan");
  }

  private LibraryVersions() {}

  /** The known libraries among files, each version once; other files are ignored. */
  static List<Software> of(Collection<String> files) {
    List<Software> found = new ArrayList<>();
    NAMES.forEach((artifact, name) -> files.stream().map(JAR::matcher).filter(Matcher::matches)
        .filter(jar -> jar.group(1).equals(artifact)).map(jar -> new Software(name, jar.group(2))).distinct()
        .forEach(found::add));
    return List.copyOf(found);
  }
}
