# The service: `docker build -t herald .`, then
# `docker run -e MONGODB_URI=mongodb://… -e MASTER_KEY=… -p 8080:8080 herald`. All variables are in .env.example.
# MONGODB_URI is required, since there is no mongod in here; without MASTER_KEY keep the volume /app/.data, where the key is made.

FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:24-slim
ENV NODE_ENV=production
ENV HTTP_HOST=0.0.0.0
ENV HTTP_PORT=8080
# As scripts/run.mjs has it, which says why.
ENV MALLOC_ARENA_MAX=2
ENV MALLOC_TRIM_THRESHOLD_=131072
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json ./
COPY src ./src
COPY bots ./bots
COPY integrations ./integrations
RUN mkdir .data && chown node:node .data
USER node
VOLUME /app/.data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.HTTP_PORT}/health`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--heap-growing-percent=80", "--max-semi-space-size=16", "src/main.ts"]
