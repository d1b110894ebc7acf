using System.Buffers;
using System.Text.Json;
using Candor.Contract;
using Candor.Health.Drain;
using Candor.Health.Serving;
using Candor.Health.Watchdog;

namespace Candor.Health.Management;

/// <summary><c>GET /drain</c> reports the progress of the drain; <c>POST /drain</c> starts it, as SIGTERM does.</summary>
internal sealed class DrainEndpoint(HealthContract contract, DrainState state, DrainStarter starter, ProberLedger probers, RequestLedger requests, TimeProvider time)
{
    public Answer Begin()
    {
        starter.Begin("POST /drain");
        return Write(202);
    }

    public Answer Read() => Write(200);

    private Answer Write(int status)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteBoolean("draining", state.Draining);
            json.WriteString("cause", state.Cause);
            json.WriteString("since", state.Since?.ToString("O"));
            json.WriteString("elapsed", state.Draining ? DurationText.Format(time.GetElapsedTime(state.BeganAt)) : null);
            json.WriteString("hold", DurationText.Format(contract.Drain.Hold));
            json.WriteNumber("inFlight", requests.InFlight);
            json.WriteStartArray("probers");
            foreach (var prober in probers.Probers)
            {
                json.WriteStartObject();
                json.WriteString("address", prober.Address);
                json.WriteString("agent", prober.Agent);
                json.WriteNumber("told", prober.Notified);
                json.WriteNumber("needed", prober.Needed);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return new(status, [.. buffer.WrittenSpan]);
    }
}
