package dev.statecraft.gateway.settings;

import dev.statecraft.gateway.affinity.AffinityPolicy;
import dev.statecraft.gateway.balance.BalancingAlgorithm;
import dev.statecraft.gateway.balance.CanaryShares;
import dev.statecraft.gateway.discovery.DiscoveryType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code statecraft.gateway.routes.<id>}, and {@code statecraft.gateway.services.<id>}, which has no prefix.
 *
 * @param prefix path of the route; the gateway removes it and sends it as {@code X-Forwarded-Prefix}
 * @param discovery source of the nodes
 * @param nodes address by name, for discovery {@code static}
 * @param nodesFile file with the nodes, read again periodically; for discovery {@code static} instead of {@code nodes}
 * @param dns for discovery {@code dns}
 * @param kubernetes for discovery {@code kubernetes}
 * @param weights share of a node relative to others, 1 by default; every rule that supports weights uses it
 * @param balance rule that chooses a node
 * @param hashKey what {@code rendezvous} hashes: {@code client-address}, {@code target} or {@code header:NAME}
 * @param affinity policy that keeps a client at one node
 * @param userFrom source of the user's name at login, for affinity {@code user-id}: {@code body:FIELD} of a JSON
 * object, or {@code header:NAME}
 * @param networks blocks of addresses by group of nodes, for affinity by network
 * @param groups group of a node, for affinity by network and {@code canary}
 * @param labels names of nodes that users see, for affinity {@code user-choice}; by default "Node 1" and so on, in the
 * order of the nodes' names
 * @param loginPath a POST to this path opens a session: the node is chosen again
 * @param sessionCookie a response that sets this cookie has opened a session at its node
 * @param ownerSilence a node that answers neither requests nor probes for this long loses its sessions to other nodes
 * @param deadline from the start of a request to the head of its response, retries included
 * @param attemptTimeout of one attempt of a safe request that can go to another node; others have the whole deadline
 * @param bodyIdleTimeout between two parts of a response body
 * @param connections maximum number of connections to one node
 * @param pendingRequests maximum number of requests that wait for a connection
 * @param hiddenPath path of the services that no client may reach, with all paths below it; empty for none
 * @param outlier ejection by the share of failures
 * @param adaptiveConcurrency limit of each node by its response times
 * @param zones zone of a node, if discovery does not know it
 * @param canary percentage of the requests by group of nodes; the other nodes get the rest
 * @param ssl for nodes with {@code https} addresses
 * @param slowStart time until a node that joins or returns takes its full share
 */
public record RouteSettings(@DefaultValue("") String prefix, @DefaultValue("static") DiscoveryType discovery,
    @DefaultValue Map<String, String> nodes, @Nullable Path nodesFile, @DefaultValue Dns dns,
    @DefaultValue Kubernetes kubernetes, @DefaultValue Map<String, Integer> weights,
    @DefaultValue("least-connections") BalancingAlgorithm balance, @DefaultValue("client-address") String hashKey,
    @DefaultValue("none") AffinityPolicy affinity, @DefaultValue("body:user") String userFrom,
    @DefaultValue Map<String, String> networks, @DefaultValue Map<String, String> groups,
    @DefaultValue Map<String, String> labels, @DefaultValue("/session") String loginPath,
    @DefaultValue("SESSION") String sessionCookie, @DefaultValue("10s") Duration ownerSilence,
    @DefaultValue("3s") Duration deadline, @DefaultValue("1s") Duration attemptTimeout,
    @DefaultValue("300ms") Duration connectTimeout, @DefaultValue("30s") Duration bodyIdleTimeout,
    @DefaultValue("256") int connections, @DefaultValue("512") int pendingRequests,
    @DefaultValue("5s") Duration slowStart, @DefaultValue Probe probe, @DefaultValue Protection protection,
    @DefaultValue("/actuator") String hiddenPath, @DefaultValue Outlier outlier,
    @DefaultValue AdaptiveConcurrency adaptiveConcurrency, @DefaultValue Map<String, String> zones,
    @DefaultValue Map<String, Integer> canary, @DefaultValue("request") CanaryShares.By canaryBy,
    @DefaultValue Ssl ssl) {
  /**
   * What one of several routes over the same nodes may have of its own.
   *
   * @param deadline from the start of a request to the head of its response
   * @param retryBudget maximum number of retries per request on average
   */
  public record Policy(AffinityPolicy affinity, String loginPath, String sessionCookie, BalancingAlgorithm balance,
      String hashKey, Duration deadline, double retryBudget) {
    /** Returns this policy with another affinity; null for a path or cookie keeps it. */
    public Policy withAffinity(AffinityPolicy other, @Nullable String login, @Nullable String cookie) {
      return new Policy(other, Objects.requireNonNullElse(login, loginPath),
          Objects.requireNonNullElse(cookie, sessionCookie), balance, hashKey, deadline, retryBudget);
    }

    /** Returns this policy with another rule; null for the key keeps it. */
    public Policy withBalance(BalancingAlgorithm rule, @Nullable String key) {
      return new Policy(affinity, loginPath, sessionCookie, rule, Objects.requireNonNullElse(key, hashKey), deadline,
          retryBudget);
    }

    /** Returns this policy with another retry budget. */
    public Policy withRetryBudget(double share) {
      return new Policy(affinity, loginPath, sessionCookie, balance, hashKey, deadline, share);
    }

    /** Returns this policy with another deadline. */
    public Policy withDeadline(Duration limit) {
      return new Policy(affinity, loginPath, sessionCookie, balance, hashKey, limit, retryBudget);
    }
  }

  /** Returns the policy of these settings. */
  public Policy policy() {
    return new Policy(affinity, loginPath, sessionCookie, balance, hashKey, deadline, protection.retryBudget());
  }

  /** Returns the settings of a route without prefix that has a policy of its own. */
  public RouteSettings with(Policy policy) {
    Protection own = new Protection(policy.retryBudget(), protection.concurrent(), protection.failurePercent(),
        protection.leastRequests(), protection.openFor(), protection.ratePerSecond(), protection.rateBurst());
    return new RouteSettings("", discovery, nodes, nodesFile, dns, kubernetes, weights, policy.balance(),
        policy.hashKey(), policy.affinity(), userFrom, networks, groups, labels, policy.loginPath(),
        policy.sessionCookie(), ownerSilence, policy.deadline(), attemptTimeout, connectTimeout, bodyIdleTimeout,
        connections, pendingRequests, slowStart, probe, own, hiddenPath, outlier, adaptiveConcurrency, zones, canary,
        canaryBy, ssl);
  }

  /** Returns these settings with other percentages of groups. */
  public RouteSettings withCanary(Map<String, Integer> percentages) {
    return new RouteSettings(prefix, discovery, nodes, nodesFile, dns, kubernetes, weights, balance, hashKey, affinity,
        userFrom, networks, groups, labels, loginPath, sessionCookie, ownerSilence, deadline, attemptTimeout,
        connectTimeout, bodyIdleTimeout, connections, pendingRequests, slowStart, probe, protection, hiddenPath,
        outlier, adaptiveConcurrency, zones, percentages, canaryBy, ssl);
  }

  /**
   * {@code dns}.
   *
   * @param name the DNS name; each of its addresses is a node
   * @param port port of each node
   * @param servers name servers as {@code HOST:PORT}; if empty, those of the system
   * @param refresh maximum time from an answer to the next query; a shorter time to live has precedence
   */
  public record Dns(@DefaultValue("") String name, @DefaultValue("0") int port, @DefaultValue("http") String scheme,
      @DefaultValue List<String> servers, @DefaultValue("1s") Duration refresh) {}

  /**
   * {@code kubernetes}.
   *
   * @param namespace by default the gateway's own
   * @param port name or number of the pods' port
   */
  public record Kubernetes(@Nullable String namespace, @DefaultValue("") String service,
      @DefaultValue("http") String port, @DefaultValue("http") String scheme) {}

  /**
   * {@code protection}: protects the service and the gateway from each other.
   *
   * @param retryBudget maximum number of retries per request on average, such as 0.2
   * @param concurrent maximum number of requests in flight
   * @param failurePercent percentage of requests without an answer that opens the circuit
   * @param leastRequests minimum number of requests before the percentage counts
   * @param openFor how long an open circuit rejects all requests
   * @param ratePerSecond requests per second of each client; 0 for no limit
   * @param rateBurst requests of a client that may arrive at once
   */
  public record Protection(@DefaultValue("0.2") double retryBudget, @DefaultValue("1024") int concurrent,
      @DefaultValue("50") int failurePercent, @DefaultValue("20") int leastRequests,
      @DefaultValue("1s") Duration openFor, @DefaultValue("0") int ratePerSecond, @DefaultValue("50") int rateBurst) {}

  /**
   * {@code ssl}.
   *
   * @param bundle name of the SSL bundle ({@code spring.ssl.bundle}) with the certificates that the gateway trusts and
   * its own; the trust store of the JVM if it is null
   */
  public record Ssl(@Nullable String bundle) {}

  /**
   * {@code probe}.
   *
   * @param path readiness endpoint of a node; it answers 2xx if the node takes requests
   * @param interval from one probe of a node to the next
   */
  public record Probe(@DefaultValue("/actuator/health/readiness") String path, @DefaultValue("500ms") Duration interval,
      @DefaultValue("500ms") Duration timeout) {}
}
