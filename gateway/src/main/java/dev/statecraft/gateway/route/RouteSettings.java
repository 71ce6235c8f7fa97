package dev.statecraft.gateway.route;

import dev.statecraft.gateway.affinity.Affinity;
import dev.statecraft.gateway.balance.Balance;
import dev.statecraft.gateway.discovery.Discovery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code statecraft.gateway.routes.<id>}.
 *
 * @param prefix path under which the services are reached; it is stripped, and sent as {@code X-Forwarded-Prefix}
 * @param discovery where the nodes come from
 * @param nodes address by name, for {@code static}
 * @param nodesFile file of nodes that is read again when it changes, for {@code static} instead of {@code nodes}
 * @param dns for {@code dns}
 * @param kubernetes for {@code kubernetes}
 * @param weights share of a node relative to others, 1 where none is given; used by every rule that can
 * @param balance rule that chooses a node
 * @param hashKey what {@code rendezvous} hashes: {@code client-address}, {@code target} or {@code header:NAME}
 * @param affinity how a client is kept at a node
 * @param userFrom where {@code user-id} finds the user of a login: {@code body:FIELD} of a JSON object, or
 * {@code header:NAME}
 * @param networks blocks of addresses by group of nodes, for affinity by network
 * @param groups group of a node, for affinity by network
 * @param labels what a user is shown of a node, for {@code user-choice}; "Node 1" and so on, by name, where none is
 * given
 * @param loginPath a POST here opens a session: the node is then chosen afresh
 * @param sessionCookie a response that sets this cookie has opened a session at its node
 * @param ownerSilence a node that answers neither requests nor probes for this long has lost its sessions to others
 * @param deadline for a whole request, retries included, until the head of the response
 * @param attemptTimeout for one attempt of a safe request that can go elsewhere; other requests have the whole deadline
 * @param bodyIdleTimeout between two parts of a response's body
 * @param connections most connections that this gateway keeps to one node
 * @param pendingRequests most requests that wait for one of them
 * @param hiddenPath path of the services that no client may reach, with all under it; empty for none
 * @param slowStart a node that joins or comes back takes its full share only after this long
 */
record RouteSettings(@DefaultValue("") String prefix, @DefaultValue("static") Discovery discovery,
    @DefaultValue Map<String, String> nodes,
    @Nullable Path nodesFile, @DefaultValue Dns dns, @DefaultValue Kubernetes kubernetes,
    @DefaultValue Map<String, Integer> weights,
    @DefaultValue("least-connections") Balance balance, @DefaultValue("client-address") String hashKey,
    @DefaultValue("none") Affinity affinity, @DefaultValue("body:user") String userFrom,
    @DefaultValue Map<String, String> networks, @DefaultValue Map<String, String> groups,
    @DefaultValue Map<String, String> labels,
    @DefaultValue("/session") String loginPath, @DefaultValue("SESSION") String sessionCookie,
    @DefaultValue("10s") Duration ownerSilence,
    @DefaultValue("3s") Duration deadline, @DefaultValue("1s") Duration attemptTimeout,
    @DefaultValue("300ms") Duration connectTimeout, @DefaultValue("30s") Duration bodyIdleTimeout,
    @DefaultValue("256") int connections, @DefaultValue("512") int pendingRequests,
    @DefaultValue("5s") Duration slowStart, @DefaultValue Probe probe,
    @DefaultValue Protection protection, @DefaultValue("/actuator") String hiddenPath) {

  /**
   * {@code dns}.
   *
   * @param name the DNS name, each address of which is a node
   * @param port port of each node
   * @param servers name servers as {@code HOST:PORT}; those of the system when empty
   * @param refresh longest time from an answer to the next question; a shorter time to live is honoured
   */
  record Dns(@DefaultValue("") String name, @DefaultValue("0") int port, @DefaultValue("http") String scheme,
      @DefaultValue List<String> servers, @DefaultValue("1s") Duration refresh) {}

  /**
   * {@code kubernetes}.
   *
   * @param namespace the gateway's own when it is not given
   * @param port name or number of a port of the Service's pods
   */
  record Kubernetes(@Nullable String namespace, @DefaultValue("") String service, @DefaultValue("http") String port,
      @DefaultValue("http") String scheme) {}

  /**
   * {@code protection}: of the service and of the gateway from each other.
   *
   * @param retryBudget most retries for each request, such as 0.2
   * @param concurrent most requests of the route that are under way
   * @param failurePercent share of requests without any answer that opens the circuit
   * @param leastRequests requests before that is judged
   * @param openFor how long an open circuit refuses everything
   * @param ratePerSecond requests a second for each client; 0 for no limit
   * @param rateBurst requests of a client that may come at once
   */
  record Protection(@DefaultValue("0.2") double retryBudget, @DefaultValue("1024") int concurrent,
      @DefaultValue("50") int failurePercent, @DefaultValue("20") int leastRequests,
      @DefaultValue("1s") Duration openFor, @DefaultValue("0") int ratePerSecond, @DefaultValue("50") int rateBurst) {}

  /**
   * {@code probe}.
   *
   * @param path readiness of a node, 2xx when it takes requests
   * @param interval from one probe of a node to the next
   */
  record Probe(@DefaultValue("/actuator/health/readiness") String path, @DefaultValue("500ms") Duration interval,
      @DefaultValue("500ms") Duration timeout) {}
}
