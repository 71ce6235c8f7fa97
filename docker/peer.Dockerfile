# The stateful service with a session store of another project (session-peers), as one more layer on its image:
#
#   PEERS=hazelcast docker/build
#
# PEER      spring-redis | jdbc | hazelcast | infinispan, built by `mvn package`
# SERVICE   the image of the stateful service, which stays as it is
# BASE      the image that it was built on; a shell is needed to build, and nothing but the JVM to run
ARG SERVICE=statecraft/stateful-service
ARG BASE=eclipse-temurin:25-jre

FROM ${SERVICE} AS service

# Only the jars that the service has not.
FROM ${BASE} AS peer
ARG PEER
COPY session-peers/${PEER}/target/peer/ /peer/
COPY --from=service /app/lib/ /lib-of-service/
RUN cd /lib-of-service && for jar in *.jar; do rm -f "/peer/$jar"; done

FROM service
COPY --from=peer /peer/ /app/peer/
# The service's class path comes first, so its AOT cache still holds.
ENTRYPOINT ["java", "-XX:AOTCache=/app/service.aot", "@/app/jvm.options", "-cp", "/app/service.jar:/app/peer/*", \
  "dev.statecraft.stateful.StatefulApplication"]
