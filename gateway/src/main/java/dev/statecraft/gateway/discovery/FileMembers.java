package dev.statecraft.gateway.discovery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The nodes that a file lists: one {@code name=http://host:port} in a line; blank lines and lines that start with
 * {@code #} are ignored. The file is read every {@link #INTERVAL}, because a replaced ConfigMap or a network drive does
 * not reliably notify of changes. A file that is invalid or cannot be read leaves the nodes unchanged.
 */
public final class FileMembers implements ServiceInstanceListSupplier {
  /** Time between two reads. */
  public static final Duration INTERVAL = Duration.ofMillis(500);
  private static final Logger log = LoggerFactory.getLogger(FileMembers.class);

  private final String serviceId;
  private final Path file;
  private final BiFunction<String, String, ServiceInstance> parser;
  private String lastError = "";

  /**
   * Makes a supplier that reads the file from subscription on.
   *
   * @param parser makes a member of a name and an address; throws {@link IllegalArgumentException} for an invalid one
   */
  public FileMembers(String serviceId, Path file, BiFunction<String, String, ServiceInstance> parser) {
    this.serviceId = serviceId;
    this.file = file;
    this.parser = parser;
  }

  @Override
  public String getServiceId() {
    return serviceId;
  }

  @Override
  public Flux<List<ServiceInstance>> get() {
    return Mono.fromCallable(this::read).onErrorResume(error -> {
      logOnce(error);
      return Mono.empty();
    }).repeatWhen(done -> done.delayElements(INTERVAL, Schedulers.boundedElastic())).distinctUntilChanged();
  }

  /**
   * Reads the file.
   *
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if a line is invalid; the message names the line
   */
  public List<ServiceInstance> read() throws IOException {
    List<ServiceInstance> members = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      number++;
      String text = line.strip();
      if (!text.isEmpty() && text.charAt(0) != '#') {
        members.add(member(text, number, members));
      }
    }
    if (members.isEmpty()) {
      throw new IllegalArgumentException(file + " lists no node; add a line NAME=http://HOST:PORT");
    }
    lastError = "";
    return List.copyOf(members);
  }

  private ServiceInstance member(String text, int number, List<ServiceInstance> before) {
    int equals = text.indexOf('=');
    String name = equals < 0 ? "" : text.substring(0, equals).strip();
    if (name.isEmpty() || before.stream().anyMatch(member -> name.equals(member.getInstanceId()))) {
      throw new IllegalArgumentException(
          file + " line " + number + " must be NAME=http://HOST:PORT with a unique NAME");
    }
    try {
      return parser.apply(name, text.substring(equals + 1).strip());
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(file + " line " + number + ": " + e.getMessage(), e);
    }
  }

  private void logOnce(Throwable error) {
    String message = String.valueOf(error.getMessage());
    if (!message.equals(lastError)) {
      lastError = message;
      log.warn("Route {}: nodes unchanged, because the nodes file is invalid: {}", serviceId, message);
    }
  }
}
