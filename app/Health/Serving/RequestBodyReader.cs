using System.IO.Pipelines;
using Candor.Contract;
using Candor.Health.Watchdog;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

using StatusCodes = Microsoft.AspNetCore.Http.StatusCodes;

namespace Candor.Health.Serving;

/// <summary>
/// The request's body as the app reads it. While the app waits for the client to send, the request does not age; and a client that
/// has not sent everything within the contract's request timeout is answered 408, however steadily it sends.
/// </summary>
/// <remarks>The server's own minimum data rate does not bound a body: 255 bytes a second pass it for as long as there are bytes.</remarks>
internal sealed class RequestBodyReader : PipeReader, IRequestBodyPipeFeature
{
    private readonly HttpContext _context;
    private readonly PipeReader _inner;
    private readonly RequestLedger.Entry _entry;
    private readonly TimeProvider _active;
    private readonly TimeSpan _limit;
    private readonly Stream _stream;
    private PipeReader? _replaced;
    private ITimer? _timer;
    private volatile bool _timedOut;
    private volatile bool _broken;

    private RequestBodyReader(HttpContext context, RequestLedger.Entry entry, TimeSpan limit, TimeProvider active)
    {
        _context = context;
        _entry = entry;
        _active = active;
        _limit = limit;
        _inner = context.Request.BodyReader;
        _stream = AsStream(leaveOpen: true);
    }

    /// <summary>True when the client was cut off.</summary>
    public bool TimedOut => _timedOut;

    /// <summary>
    /// True when the body ended before it was complete, with the connection or by what the client sent. The server may tell that a moment before it tells
    /// that the request was aborted.
    /// </summary>
    public bool Broken => _broken;

    /// <summary>The reader of whatever the request's body is now: a middleware may have replaced it, to buffer it for example.</summary>
    PipeReader IRequestBodyPipeFeature.Reader => ReferenceEquals(_context.Request.Body, _stream)
        ? this
        : _replaced ??= new RequestBodyPipeFeature(_context).Reader;

    /// <summary>Takes the place of the request's body, if there can be one.</summary>
    public static RequestBodyReader? Watch(HttpContext context, RequestLedger.Entry entry, TimeSpan limit, TimeProvider active)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }
            || context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
            || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true })
        {
            return null;
        }

        var reader = new RequestBodyReader(context, entry, limit, active);
        context.Features.Set<IRequestBodyPipeFeature>(reader);
        context.Request.Body = reader._stream;
        return reader;
    }

    public override void AdvanceTo(SequencePosition consumed) => _inner.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => _inner.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => _inner.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
        _timer?.Dispose();
        _inner.Complete(exception);
    }

    public override bool TryRead(out ReadResult result)
    {
        try
        {
            return _inner.TryRead(out result);
        }
        catch (IOException)
        {
            _broken = true;
            throw;
        }
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (_timedOut)
        {
            throw TooSlow();
        }

        var read = Read(cancellationToken);
        return read.IsCompletedSuccessfully ? read : WaitAsync(read);
    }

    private ValueTask<ReadResult> Read(CancellationToken cancellationToken)
    {
        try
        {
            return _inner.ReadAsync(cancellationToken);
        }
        catch (IOException)
        {
            _broken = true;
            throw;
        }
    }

    /// <summary>Ends the deadline. The reader of a request that has ended must not be woken.</summary>
    public void End() => _timer?.Dispose();

    private async ValueTask<ReadResult> WaitAsync(ValueTask<ReadResult> read)
    {
        if (_timer is null && !_entry.IsLongRunning)
        {
            var left = _limit - _active.GetElapsedTime(_entry.StartedAt);
            _timer = _active.CreateTimer(static state => ((RequestBodyReader)state!).Cut(), this, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }

        _entry.BeginClientWait(_active.GetTimestamp());
        try
        {
            var result = await read.ConfigureAwait(false);
            if (!result.IsCanceled || !_timedOut)
            {
                return result;
            }
        }
        catch (IOException)
        {
            _broken = true;
            throw;
        }
        finally
        {
            _entry.EndClientWait(_active.GetTimestamp());
        }

        if (!_context.Response.HasStarted)
        {
            // Whatever the app makes of the exception below, an upload that is too slow is the client's matter.
            _context.Response.OnStarting(static state =>
            {
                var response = ((HttpContext)state).Response;
                response.StatusCode = StatusCodes.Status408RequestTimeout;
                response.Headers.Connection = "close";
                return Task.CompletedTask;
            }, _context);
        }

        throw TooSlow();
    }

    private void Cut()
    {
        _timedOut = true;
        _inner.CancelPendingRead();
    }

    private BadHttpRequestException TooSlow() => new(
        $"The request body was not complete within {DurationText.Format(_limit)}.", StatusCodes.Status408RequestTimeout);
}
