package dev.statecraft.gateway.discovery;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/**
 * Every address of a DNS name, as a headless Service has one for each ready pod. The name is asked with a resolver of
 * its own that caches nothing, so neither the JVM's cache nor the pool's stands in the way. An answer is used for its
 * time to live at most, and asked for again earlier when that is longer than {@code refresh}. IPv6 addresses count when
 * there is no IPv4 address.
 *
 * <p>A node is named by its address: one that comes back elsewhere is another node. An answer that names nobody, or no
 * answer, changes nothing: probes find out who is dead, and a name server's hiccup must not empty a pool.
 */
public final class DnsMembers implements ServiceInstanceListSupplier, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DnsMembers.class);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
  private static final long QUERY_TIMEOUT_MILLIS = 2_000;

  /**
   * What to ask, and whom.
   *
   * @param name the DNS name
   * @param port port of each node
   * @param scheme http or https
   * @param servers name servers; those of the system when empty
   * @param refresh longest time from an answer to the next question
   */
  public record Question(String name, int port, String scheme, List<InetSocketAddress> servers, Duration refresh) {}

  private record Answer(List<ServiceInstance> members, Duration timeToLive) {}

  private final String serviceId;
  private final Question question;
  private final DnsNameResolver resolver;
  private Duration pause;

  public DnsMembers(String serviceId, Question question, LoopResources loops) {
    this.serviceId = serviceId;
    this.question = question;
    this.pause = question.refresh();
    EventLoopGroup group = loops.onClient(true);
    EventLoop loop = group.next();
    DnsServerAddressStreamProvider servers = question.servers().isEmpty()
        ? DnsServerAddressStreamProviders.platformDefault()
        : new SequentialDnsServerAddressStreamProvider(question.servers());
    this.resolver = new DnsNameResolverBuilder(loop)
        .datagramChannelType(loops.onChannelClass(io.netty.channel.socket.DatagramChannel.class, group))
        // A long answer is cut off over UDP and asked for again over TCP.
        .socketChannelType(loops.onChannelClass(io.netty.channel.socket.SocketChannel.class, group))
        .nameServerProvider(servers).resolveCache(NoopDnsCache.INSTANCE).cnameCache(NoopDnsCnameCache.INSTANCE)
        .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
        .queryTimeoutMillis(QUERY_TIMEOUT_MILLIS).build();
  }

  @Override
  public String getServiceId() {
    return serviceId;
  }

  @Override
  public Flux<List<ServiceInstance>> get() {
    return ask(DnsRecordType.A).switchIfEmpty(ask(DnsRecordType.AAAA)).map(answer -> {
      pause = shorter(answer.timeToLive(), question.refresh());
      return answer.members();
    }).onErrorResume(error -> {
      pause = question.refresh();
      LOG.debug("{} keeps the nodes that it has: {}", serviceId, error.toString());
      return Mono.empty();
    }).repeatWhen(done -> done.concatMap(count -> Mono.delay(pause))).distinctUntilChanged();
  }

  @Override
  public void close() {
    resolver.close();
  }

  private Mono<Answer> ask(DnsRecordType type) {
    return Mono.<List<DnsRecord>>create(sink -> {
      Future<List<DnsRecord>> answer = resolver.resolveAll(new DefaultDnsQuestion(question.name(), type));
      answer.addListener((Future<List<DnsRecord>> done) -> {
        if (done.isSuccess()) {
          sink.success(done.getNow());
        } else if (type.equals(DnsRecordType.A)) {
          // No such name, or no address of this family: there may be one of the other.
          sink.success();
        } else {
          sink.error(done.cause());
        }
      });
    }).mapNotNull(records -> {
      try {
        return answer(records, type);
      } finally {
        records.forEach(ReferenceCountUtil::release);
      }
    });
  }

  private @org.jspecify.annotations.Nullable Answer answer(List<DnsRecord> records, DnsRecordType type) {
    TreeSet<String> addresses = new TreeSet<>();
    long seconds = Long.MAX_VALUE;
    for (DnsRecord record : records) {
      if (record instanceof DnsRawRecord raw && raw.type().equals(type)) {
        addresses.add(address(raw.content()));
        seconds = Math.min(seconds, raw.timeToLive());
      }
    }
    if (addresses.isEmpty()) {
      return null;
    }
    List<ServiceInstance> members = new ArrayList<>();
    for (String address : addresses) {
      String host = address.indexOf(':') < 0 ? address : '[' + address + ']';
      members.add(new Member(serviceId, address,
          URI.create(question.scheme() + "://" + host + ':' + question.port()), Map.of()));
    }
    return new Answer(List.copyOf(members), Duration.ofSeconds(seconds));
  }

  private static String address(ByteBuf content) {
    try {
      return InetAddress.getByAddress(ByteBufUtil.getBytes(content)).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address record of " + content.readableBytes() + " bytes", e);
    }
  }

  private static Duration shorter(Duration timeToLive, Duration refresh) {
    Duration shorter = timeToLive.compareTo(refresh) < 0 ? timeToLive : refresh;
    return shorter.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : shorter;
  }
}
