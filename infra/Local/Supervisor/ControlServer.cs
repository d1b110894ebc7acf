using System.Net.Sockets;
using System.Text.Json;
using Candor.Planning;

namespace Candor.Local;

/// <summary>Listens on the control socket and passes requests on to the supervisor.</summary>
internal sealed class ControlServer : IDisposable
{
    private readonly Socket _listener;
    private readonly Supervisor _supervisor;
    private readonly CancellationTokenSource _stop = new();

    private ControlServer(Socket listener, Supervisor supervisor)
    {
        _listener = listener;
        _supervisor = supervisor;
        _ = AcceptAsync();
    }

    /// <summary>Begins to listen; only the user who runs the stack may connect.</summary>
    /// <exception cref="LocalException">The socket cannot be made, as on a full disk.</exception>
    public static ControlServer Start(string path, Supervisor supervisor)
    {
        File.Delete(path);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e)
        {
            listener.Dispose();
            throw new LocalException($"The control socket {path} cannot be created: {e.Message}. Check whether its disk is full.", e);
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        listener.Listen();
        return new(listener, supervisor);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptAsync(_stop.Token).ConfigureAwait(false));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The run ends.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                var stream = new NetworkStream(socket);
                using var reader = new StreamReader(stream);
                await using var writer = new StreamWriter(stream) { AutoFlush = true };
                if (await reader.ReadLineAsync(_stop.Token).ConfigureAwait(false) is { } line)
                {
                    await AnswerAsync(line, writer).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // Reading what it asks and writing the answer is all that is left to fail here: the client went away.
            }
        }
    }

    private async Task AnswerAsync(string line, StreamWriter writer)
    {
        ControlRequest? request;
        try
        {
            request = JsonSerializer.Deserialize<ControlRequest>(line, ControlProtocol.Json);
        }
        catch (JsonException)
        {
            request = null;
        }

        if (request?.Verb == "events")
        {
            await EventsAsync(writer).ConfigureAwait(false);
            return;
        }

        await WriteAsync(
            writer,
            request is null ? new(
                Error: "The running stack cannot parse the request.") : await DoAsync(request).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>Every failure is answered: a client without an answer would take the stack for ended.</summary>
    private async Task<ControlAnswer> DoAsync(ControlRequest request)
    {
        try
        {
            return request.Verb switch
            {
                "status" => new(Status: _supervisor.Status),
                "down" => Down(request.Now),
                "restart" => new(Done: await _supervisor.RestartAsync(request.Target).ConfigureAwait(false)),
                "undo" => new(Done: await _supervisor.UndoAsync(request.Target).ConfigureAwait(false)),
                "scale" => new(Done: await _supervisor.ScaleAsync(request.Target, request.Number).ConfigureAwait(false)),
                "drain" => new(Done: await _supervisor.DrainAsync(request.Target).ConfigureAwait(false)),
                "link" => new(
                    Done: await _supervisor.SetLinkAsync(request.Target, request.Service, request.Link ?? new(LinkMode.Open))
                        .ConfigureAwait(false)),
                "exec" => new(Done: await _supervisor.ExecAsync(request.Target, request.Command ?? []).ConfigureAwait(false)),
                "apply" => new(Done: await _supervisor.ApplyAsync(ReadPlan(request.Plan), request.Programs).ConfigureAwait(false)),
                _ => new(
                    Error: $"The running stack has no verb '{request.Verb}'; it was started by another version of candor. End it with "
                        + "./candor down."),
            };
        }
        catch (Exception e) when (e is LocalException or PlanFormatException)
        {
            return new(Error: e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(Error: $"The stack keeps running, but '{request.Verb}' failed: {e.Message}");
        }
        catch (Exception e)
        {
            return new(Error: _supervisor.Unexpected($"'{request.Verb}' failed", e));
        }
    }

    private ControlAnswer Down(bool now)
    {
        _supervisor.Down(now);
        return new(Done: "ending");
    }

    private async Task EventsAsync(StreamWriter writer)
    {
        var (reader, subscription) = _supervisor.Events.Listen(past: true);
        using (subscription)
        {
            await foreach (var one in reader.ReadAllAsync(_stop.Token).ConfigureAwait(false))
            {
                await WriteAsync(writer, new(Event: one)).ConfigureAwait(false);
            }
        }
    }

    private static Plan ReadPlan(string? path) =>
        path is null ? throw new LocalException("The request to apply names no Plan.") : PlanReader.Read(File.ReadAllBytes(path), path);

    private static Task WriteAsync(StreamWriter writer, ControlAnswer answer) =>
        writer.WriteLineAsync(JsonSerializer.Serialize(answer, ControlProtocol.Json));
}
