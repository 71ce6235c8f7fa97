package dev.statecraft.session.replicated;

import dev.statecraft.session.replicated.consensus.ConsensusNode;
import dev.statecraft.session.replicated.consensus.LeaveResult;
import dev.statecraft.session.replicated.consensus.Membership;
import java.time.Duration;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;

/**
 * {@code GET /actuator/membership} shows the group's voting members and this node's state. {@code DELETE} removes this
 * node from the group: 200 once that is committed, 409 if it must not be removed, 503 if the outcome is not known after
 * 10 s. Not exposed unless {@code management.endpoints.web.exposure.include} names it.
 */
@Endpoint(id = "membership")
final class MembershipEndpoint {
  /** Time for a few elections and for another membership change. */
  private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(10);

  private final ConsensusNode node;

  MembershipEndpoint(ConsensusNode node) {
    this.node = node;
  }

  @ReadOperation
  Membership show() {
    return node.membership();
  }

  @DeleteOperation
  WebEndpointResponse<Object> leave() {
    try {
      return switch (node.leave(LEAVE_TIMEOUT)) {
        case LeaveResult.Done() -> new WebEndpointResponse<>(node.membership());
        case LeaveResult.Refused(String reason) -> problem(HttpStatus.CONFLICT, "This node cannot leave", reason);
        case LeaveResult.Unknown(String reason) -> unknown(reason);
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return unknown("the request was interrupted");
    }
  }

  private static WebEndpointResponse<Object> unknown(String reason) {
    return problem(
        HttpStatus.SERVICE_UNAVAILABLE, "It is not known whether this node has left", reason + "; repeat the request");
  }

  private static WebEndpointResponse<Object> problem(HttpStatus status, String title, String detail) {
    ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
    problem.setTitle(title);
    return new WebEndpointResponse<>(problem, status.value(), MediaType.APPLICATION_PROBLEM_JSON);
  }
}
