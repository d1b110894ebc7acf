using System.Threading.Channels;

namespace Candor.Local;

/// <summary>
/// Passes every event to the caller that runs the stack and to every listening client; a late client gets the events that it missed.
/// </summary>
internal sealed class EventHub(IProgress<LocalEvent> own) : IProgress<LocalEvent>
{
    private const int Remembered = 500;
    private readonly Lock _gate = new();
    private readonly Queue<LocalEvent> _past = [];
    private readonly List<ChannelWriter<LocalEvent>> _listeners = [];
    private IProgress<LocalEvent>? _also;

    /// <summary>Adds a listener, which first gets the events so far.</summary>
    public IProgress<LocalEvent>? Also
    {
        get => _also;
        set
        {
            lock (_gate)
            {
                _also = value;
                foreach (var one in _past)
                {
                    value?.Report(one);
                }
            }
        }
    }

    /// <inheritdoc />
    public void Report(LocalEvent value)
    {
        lock (_gate)
        {
            _past.Enqueue(value);
            if (_past.Count > Remembered)
            {
                _past.Dequeue();
            }

            _also?.Report(value);
            foreach (var listener in _listeners)
            {
                listener.TryWrite(value);
            }

            try
            {
                own.Report(value);
            }
            catch (IOException)
            {
                // It writes to a file on a full disk, or to a terminal that is gone; neither may end the run.
            }
        }
    }

    /// <summary>Events from now on, with those before when <paramref name="past"/> is set, until the reader is disposed of.</summary>
    public (ChannelReader<LocalEvent> Reader, IDisposable Subscription) Listen(bool past)
    {
        // A client that does not read loses the oldest; it must not hold up the stack.
        var channel = Channel.CreateBounded<LocalEvent>(
            new BoundedChannelOptions(2 * Remembered) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            foreach (var one in past ? _past : [])
            {
                channel.Writer.TryWrite(one);
            }

            _listeners.Add(channel.Writer);
        }

        return (channel.Reader, new Subscription(this, channel.Writer));
    }

    private void Remove(ChannelWriter<LocalEvent> listener)
    {
        lock (_gate)
        {
            _listeners.Remove(listener);
        }

        listener.TryComplete();
    }

    private sealed class Subscription(EventHub hub, ChannelWriter<LocalEvent> listener) : IDisposable
    {
        public void Dispose() => hub.Remove(listener);
    }
}
