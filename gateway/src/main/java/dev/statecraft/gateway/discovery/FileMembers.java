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
 * The nodes that a file lists, one {@code name=http://host:port} a line; blank lines and those that begin with
 * {@code #} do not count. The file is read again and again, because neither a replaced ConfigMap nor a network drive
 * reliably tells of a change; what it says is served within {@link #INTERVAL}. A file that cannot be read, or is wrong,
 * changes nothing.
 */
public final class FileMembers implements ServiceInstanceListSupplier {
  /** From one reading to the next. */
  public static final Duration INTERVAL = Duration.ofMillis(500);
  private static final Logger LOG = LoggerFactory.getLogger(FileMembers.class);

  private final String serviceId;
  private final Path file;
  private final BiFunction<String, String, Member> parser;
  private String lastComplaint = "";

  /**
   * Makes a supplier that reads when it is subscribed to.
   *
   * @param parser makes a member of a name and an address; throws {@link IllegalArgumentException} for a bad one
   */
  public FileMembers(String serviceId, Path file, BiFunction<String, String, Member> parser) {
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
      complain(error);
      return Mono.empty();
    }).repeatWhen(done -> done.delayElements(INTERVAL, Schedulers.boundedElastic())).distinctUntilChanged();
  }

  /**
   * Reads the file.
   *
   * @throws IOException when it cannot be read
   * @throws IllegalArgumentException when a line is wrong; the message names it
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
      throw new IllegalArgumentException(file + " lists no node");
    }
    lastComplaint = "";
    return List.copyOf(members);
  }

  private Member member(String text, int number, List<ServiceInstance> before) {
    int equals = text.indexOf('=');
    String name = equals < 0 ? "" : text.substring(0, equals).strip();
    if (name.isEmpty() || before.stream().anyMatch(member -> name.equals(member.getInstanceId()))) {
      throw new IllegalArgumentException(file + " line " + number + " must be NAME=http://HOST:PORT, each name once");
    }
    try {
      return parser.apply(name, text.substring(equals + 1).strip());
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(file + " line " + number + ": " + e.getMessage(), e);
    }
  }

  private void complain(Throwable error) {
    String complaint = String.valueOf(error.getMessage());
    if (!complaint.equals(lastComplaint)) {
      lastComplaint = complaint;
      LOG.warn("Route {} keeps the nodes that it has: {}", serviceId, complaint);
    }
  }
}
